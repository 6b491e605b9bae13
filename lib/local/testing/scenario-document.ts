import type { FaultDocument } from './fault';
import type { OutcomeDocument } from './outcome';

/** What is to happen, as JSON: `{ "faults": [{ "throttle": { … } }], "scripts": [{ "jobs": "nightly-*", "outcomes": [{ "completesAfter": 60 }] }] }`. */
export interface ScenarioDocument {
  readonly faults?: readonly FaultDocument[];
  readonly scripts?: readonly { readonly jobs: string; readonly outcomes: readonly OutcomeDocument[] }[];
}
