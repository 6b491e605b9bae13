import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { customAnswerOf, LONGEST_ANSWER_BYTES } from './custom-answer';
import type { CustomAnswer } from './custom-answer';
import type { Properties } from './stack-record';

/** What a custom resource's function is sent. */
export interface CustomEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ServiceToken: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  readonly OldResourceProperties?: Properties;
}

export interface CustomResourceWorld {
  readonly clock: Clock;
  /** Where answers are PUT, without the token. */
  answersUrl(): string;
  /** Delivers an event to the function of that ARN, asynchronously; rejects when nobody will ever deal with it. */
  deliver(functionArn: string, event: CustomEvent): Promise<void>;
}

/** The operation was cancelled while a custom resource worked on it. */
export class Cancelled extends Error {}

interface Pending {
  readonly event: CustomEvent;
  readonly answered: (answer: CustomAnswer) => void;
  /** Why what came so far was no answer. */
  refused?: string;
}

const DEFAULT_TIMEOUT_SECONDS = 3600;

/** CloudFormation's side of the custom resource protocol. */
export class CustomResources {
  private readonly pending = new Map<string, Pending>();
  /** URLs stay good after the first answer, and after the wait has ended; what comes then changes nothing. */
  private readonly over = new Set<string>();

  constructor(private readonly world: CustomResourceWorld) {}

  /**
   * Sends an event and waits for the answer.
   *
   * @throws Cancelled when the signal is aborted first, Error when no answer comes in time
   */
  async request(event: Omit<CustomEvent, 'RequestId' | 'ResponseURL' | 'ServiceToken'>, signal?: AbortSignal): Promise<CustomAnswer> {
    const { ServiceToken, ServiceTimeout } = event.ResourceProperties;
    const token = randomUUID();
    const sent: CustomEvent = { ...event, ServiceToken: String(ServiceToken), RequestId: randomUUID(), ResponseURL: `${this.world.answersUrl()}${token}` };
    const seconds = ServiceTimeout === undefined ? DEFAULT_TIMEOUT_SECONDS : Number(ServiceTimeout);
    if (!(seconds >= 1 && seconds <= 3600)) { throw new Error(`ServiceTimeout must be between 1 and 3600, got ${String(ServiceTimeout)}`); }
    if (signal?.aborted) { throw new Cancelled(); }
    const forgets: (() => void)[] = [];
    try {
      return await new Promise<CustomAnswer>((resolve, reject) => {
        const pending: Pending = { event: sent, answered: resolve };
        this.pending.set(token, pending);
        forgets.push(this.world.clock.after(seconds * 1000, () => reject(new Error(noAnswer(sent.RequestId, pending.refused)))));
        const abort = () => reject(new Cancelled());
        signal?.addEventListener('abort', abort, { once: true });
        forgets.push(() => signal?.removeEventListener('abort', abort));
        this.world.deliver(sent.ServiceToken, sent).catch((error: Error) => reject(new Error(`The custom resource's function did not take the event: ${error.message}`)));
      });
    } finally {
      this.pending.delete(token);
      this.over.add(token);
      for (const forget of forgets) { forget(); }
    }
  }

  /** Takes what was PUT to an answer's URL; the result is the status of HTTP. */
  receive(token: string, body: string): number {
    if (this.over.has(token)) { return 200; }
    const pending = this.pending.get(token);
    if (pending === undefined) { return 403; }
    const answer = customAnswerOf(body, pending.event);
    if (typeof answer !== 'string') {
      pending.answered(answer);
      this.pending.delete(token);
      this.over.add(token);
      return 200;
    }
    pending.refused = answer;
    return Buffer.byteLength(body) > LONGEST_ANSWER_BYTES ? 400 : 200;
  }
}

function noAnswer(requestId: string, refused: string | undefined): string {
  const text = `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}].`;
  return refused === undefined ? text : `${text} What came was no answer: ${refused}.`;
}
