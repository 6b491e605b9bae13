import type { ControlCommands } from '../control';
import { ServiceError } from '../service-error';
import { Fault } from './fault';
import { Outcome } from './outcome';
import type { Scenario } from './scenario';
import type { ScenarioDocument } from './scenario-document';
import type { TestClock } from './test-clock';
import type { Time } from './time';

/** All of it or, where something is wrong with it, nothing. @throws Error that names what is wrong */
export function play(document: ScenarioDocument, scenario: Scenario): void {
  const stranger = Object.keys(document).find((member) => !['faults', 'scripts'].includes(member));
  if (stranger !== undefined) { throw new Error(`there is no "${stranger}": what is to happen has "faults" and "scripts"`); }
  const faults = listOf(document.faults, 'faults').map((fault) => Fault.fromJson(fault));
  const scripts = listOf(document.scripts, 'scripts').map(({ jobs, outcomes }) => ({ jobs, outcomes: listOf(outcomes, 'outcomes').map((outcome) => Outcome.fromJson(outcome)) }));
  faults.forEach((fault) => scenario.require(fault));
  faults.forEach((fault) => scenario.inject(fault));
  scripts.forEach(({ jobs, outcomes }) => scenario.script(jobs, outcomes));
}

/** What another process may ask for: `POST /control/<command>` with the token. */
export function controlCommands(scenario: Scenario, clock: TestClock): ControlCommands {
  const told = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      throw error instanceof ServiceError ? error : new ServiceError('ValidationError', (error as Error).message);
    }
  };
  return {
    faults: (input) => told(() => { play(input, scenario); return { pending: scenario.pending }; }),
    pending: () => ({ pending: scenario.pending }),
    clear: () => { scenario.clear(); return {}; },
    advance: async ({ by }) => {
      await Promise.resolve(told(() => clock.advance(by as Time))).catch((error: Error) => { throw new ServiceError('ValidationError', error.message); });
      return { now: new Date(clock.now()).toISOString() };
    },
  };
}

function listOf<T>(value: readonly T[] | undefined, name: string): readonly T[] {
  if (value !== undefined && !Array.isArray(value)) { throw new Error(`"${name}" must be a list, got ${JSON.stringify(value)}`); }
  return value ?? [];
}
