/** All named situations. The files that name them are loaded one after the other. */
import './leadership-situations.ts';
import { type Situation, situationsSoFar } from './situation.ts';

/** In the order of reports. */
export const SITUATIONS: readonly Situation[] = situationsSoFar();
