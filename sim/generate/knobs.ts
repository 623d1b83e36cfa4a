import { clocksKnobs } from './clocks.ts';
import { clusterKnobs } from './cluster.ts';
import { comebackKnobs } from './comebacks.ts';
import { diskKnobs } from './disk.ts';
import { actionKnobs } from './fault-action.ts';
import { triggerKnobs } from './fault-trigger.ts';
import { faultsKnobs } from './faults.ts';
import { featuresKnobs } from './features.ts';
import { networkKnobs } from './network.ts';
import { operatorsKnobs } from './operators.ts';
import { partitionKnobs } from './partition.ts';
import { phasesKnobs } from './phases.ts';
import { sceneKnobs } from './scenes.ts';
import { workloadKnobs } from './workload.ts';

/** What the generator does: a sentence for each knob, by section. */
export const GENERATOR_KNOBS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cluster: clusterKnobs,
  network: networkKnobs,
  disk: diskKnobs,
  workload: workloadKnobs,
  phases: phasesKnobs,
  faults: faultsKnobs,
  'fault actions': actionKnobs,
  'fault triggers': triggerKnobs,
  partitions: partitionKnobs,
  comebacks: comebackKnobs,
  features: featuresKnobs,
  operators: operatorsKnobs,
  clocks: clocksKnobs,
  scenes: sceneKnobs,
};
