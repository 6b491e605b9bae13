import type { CustomEvent } from '../../lib/local/cloudformation/custom-resources';
import { CloudFormation } from '../../lib/local/cloudformation/engine';
import type { DeployRequest, Started } from '../../lib/local/cloudformation/engine';
import type { FaultPlan } from '../../lib/local/cloudformation/faults';
import type { ResourceType } from '../../lib/local/cloudformation/resource-type';
import type { ResourceRecord, StackRecord } from '../../lib/local/cloudformation/stack-record';
import { MemoryStackStore } from '../../lib/local/cloudformation/stack-store';
import type { StackStore } from '../../lib/local/cloudformation/stack-store';
import { VirtualClock } from './virtual-clock';

/** What a custom resource's function answers; undefined: nothing, ever. A string is PUT as it is. */
export type Responder = (event: CustomEvent) => { readonly [member: string]: unknown } | string | undefined;

/** One line of what the engine has done: a state of the stack, or an event to a custom resource. */
export type Line = { readonly stack: string } | CustomEvent;

export interface EngineFixture {
  readonly engine: CloudFormation;
  readonly clock: VirtualClock;
  readonly lines: Line[];
  readonly events: CustomEvent[];
  faults: FaultPlan;
  responder: Responder;
  /** PUTs an answer to an event. */
  answer(event: CustomEvent, answer: { readonly [member: string]: unknown } | string): number;
  /** Until the operation has ended. */
  run(started: Started): Promise<StackRecord>;
  deploy(template: object, options?: Partial<DeployRequest>): Promise<StackRecord>;
}

/** A type that exists nowhere else: a thing with a size, whose colour can't be changed. */
export const THING: ResourceType = {
  replaces: (old, wanted) => old.Colour !== wanted.Colour,
  create: ({ generatedName, properties }) => Promise.resolve({ physicalId: generatedName(40), attributes: { Size: properties.Size ?? 1 } }),
  update: ({ properties }, physical) => Promise.resolve({ ...physical, attributes: { Size: properties.Size ?? 1 } }),
};

/** An engine in memory, with time of its own. Custom resources answer after a second, with success unless told otherwise. */
export function engineWith(responder: Responder = () => ({}), faults: FaultPlan = {}, store: StackStore = new MemoryStackStore(), isLost: (resource: ResourceRecord) => boolean = () => false): EngineFixture {
  const clock = new VirtualClock();
  const lines: Line[] = [];
  const events: CustomEvent[] = [];
  const fixture: EngineFixture = {
    clock, lines, events, faults, responder,
    engine: new CloudFormation({
      clock, store, isLost,
      types: new Map(Object.entries({ 'Test::Thing': THING })),
      get faults() { return fixture.faults; },
      answersUrl: () => 'http://127.0.0.1:1/cloudformation/responses/',
      onEvent: (_, event) => { if (event.type === 'AWS::CloudFormation::Stack') { lines.push({ stack: event.status }); } },
      ssmParameter: (name) => (name.startsWith('/cdk-bootstrap/') ? '30' : undefined),
      deliver: async (_, event) => {
        lines.push(event);
        events.push(event);
        const answer = fixture.responder(event);
        if (answer !== undefined) { clock.after(1000, () => { fixture.answer(event, answer); }); }
      },
    }),
    answer(event, answer) {
      const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = `${LogicalResourceId}-1` } = event;
      const body = typeof answer === 'string' ? answer : JSON.stringify({ Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, PhysicalResourceId, ...answer });
      return fixture.engine.customResources.receive(event.ResponseURL.split('/').at(-1) as string, body);
    },
    run: (started) => clock.run(started.finished),
    deploy: (template, options = {}) => clock.run(fixture.engine.deploy({ stackName: 'stack', template, ...options }).finished),
  };
  return fixture;
}

/** A custom resource. */
export const custom = (properties: object = {}, more: object = {}) => ({ Type: 'Custom::Thing', Properties: { ServiceToken: 'arn:function', ...properties }, ...more });
export const thing = (properties: object = {}, more: object = {}) => ({ Type: 'Test::Thing', Properties: properties, ...more });
