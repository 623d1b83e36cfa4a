/**
 * Run as a process of its own, for what traps replace stays replaced. Takes the text of modules, and
 * prints of each what its server was seen to read while it was loaded and in two events.
 */
import type { CreateServer, Outbox, ServerEvent } from '../../core/contract.ts';
import { Traps } from '../../sim/isolation/traps.ts';

const texts = JSON.parse(process.argv[2]!) as readonly string[];
const event = { kind: 'start', self: 3 } as ServerEvent;
const traps = new Traps();
traps.set();
const seen: object[][] = [];
for (const text of texts) {
  const known = new Set(traps.sightings);
  const address = `data:text/javascript,${encodeURIComponent(text)}`;
  const { createServer } = await traps.whileLoading(
    () => import(address) as Promise<{ createServer: CreateServer }>,
  );
  traps.beginRun();
  const server = traps.watched(createServer)();
  server.step(event, {} as Outbox);
  server.step(event, {} as Outbox);
  seen.push(traps.sightings.filter((sighting) => !known.has(sighting)));
}
process.stdout.write(JSON.stringify(seen));
