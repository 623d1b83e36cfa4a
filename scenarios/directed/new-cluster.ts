/**
 * Nothing goes wrong at all: three new servers must find a leader, and keep it. Ways and disks are
 * so fast that hardly ever two of them stand at the same time by chance.
 */
import { script } from '../script.ts';

export const NEW_CLUSTER = script({ size: 3, latencyMs: 0.1, diskMs: 0.1, settle: true })
  .until(1000)
  .plan();
