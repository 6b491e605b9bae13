import { ServiceError } from '../service-error';
import { ENDS, type ExecutionLog, type ExecutionStatus, type HistoryEvent } from './execution-log';
import type { StartExecutionInput, StepFunctions } from './step-functions';

type Answer = Record<string, unknown>;
type Operation = (input: never) => Answer;

interface Page { readonly maxResults?: number; readonly nextToken?: string }

/** Step Functions on the wire: an operation's name and its input. */
export class StepFunctionsApi {
  private readonly operations: { readonly [name: string]: Operation };

  constructor(steps: StepFunctions) {
    this.operations = {
      StartExecution: (input: StartExecutionInput) => ({ ...steps.startExecution(input) }),
      StopExecution: ({ executionArn, error, cause }: { executionArn: string; error?: string; cause?: string }) => ({ stopDate: steps.stopExecution(executionArn, { error, cause }) }),
      DescribeExecution: ({ executionArn }: { executionArn: string }) => {
        const log = steps.execution(executionArn);
        const { output, error, cause } = (log.end?.details ?? {}) as { output?: string; error?: string; cause?: string };
        return { ...summaryOf(log), input: log.head.input, inputDetails: { included: true }, ...output !== undefined && { output, outputDetails: { included: true } }, error, cause, redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: 'Not supported by the local AWS' };
      },
      ListExecutions: ({ stateMachineArn, statusFilter, ...input }: Page & { stateMachineArn: string; statusFilter?: ExecutionStatus }) => page('executions', steps.executions(stateMachineArn, statusFilter).map(summaryOf), input, 1000),
      GetExecutionHistory: ({ executionArn, reverseOrder, includeExecutionData, ...input }: Page & { executionArn: string; reverseOrder?: boolean; includeExecutionData?: boolean }) => {
        const events = steps.execution(executionArn).events.map((event) => historyEvent(event, includeExecutionData !== false));
        return page('events', reverseOrder === true ? events.reverse() : events, input, 1000);
      },
      ListStateMachines: (input: Page) => page('stateMachines', steps.machines.map(({ arn, name, created }) => ({ stateMachineArn: arn, name, type: 'STANDARD', creationDate: new Date(created) })), input, 1000),
      DescribeStateMachine: ({ stateMachineArn }: { stateMachineArn: string }) => {
        const { arn, name, text, roleArn, created } = steps.machine(stateMachineArn);
        return { stateMachineArn: arn, name, status: 'ACTIVE', definition: text, roleArn, type: 'STANDARD', creationDate: new Date(created), loggingConfiguration: { level: 'OFF', includeExecutionData: false }, tracingConfiguration: { enabled: false } };
      },
    };
  }

  get operationNames(): readonly string[] { return Object.keys(this.operations); }

  /** @throws ServiceError with the name and message of Step Functions */
  async call(operation: string, input: Record<string, unknown>): Promise<Answer> {
    const perform = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (perform === undefined) { throw new ServiceError('UnknownOperationException', `The local Step Functions does not know the operation ${operation}.`); }
    return perform(input as never);
  }
}

function summaryOf(log: ExecutionLog): Answer {
  const { executionArn, stateMachineArn, name, started } = log.head;
  return { executionArn, stateMachineArn, name, status: log.status, startDate: new Date(started), ...log.end !== undefined && { stopDate: new Date(log.end.time) }, redriveCount: 0 };
}

const DATA = ['input', 'output', 'parameters'];

/** As Step Functions writes it: the details in a member that is called after the type. */
function historyEvent({ id, time, type, details }: HistoryEvent, withData: boolean): Answer {
  const kind = type.replace(/^[A-Z][a-z]+State(Entered|Exited)$/, 'State$1');
  const shown = Object.fromEntries(Object.entries(details).filter(([name]) => withData || !DATA.includes(name)));
  const isEmpty = Object.keys(shown).length === 0 && type in ENDS;
  return {
    id, previousEventId: id - 1, timestamp: new Date(time), type,
    ...!isEmpty && { [`${kind[0]?.toLowerCase() ?? ''}${kind.slice(1)}EventDetails`]: shown },
  };
}

/** @throws ServiceError InvalidToken */
function page(name: string, all: readonly Answer[], { maxResults, nextToken }: Page, most: number): Answer {
  const from = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) { throw new ServiceError('InvalidToken', `Invalid Token: '${nextToken ?? ''}'`); }
  const to = from + Math.min(maxResults === undefined || maxResults === 0 ? 100 : maxResults, most);
  return { [name]: all.slice(from, to), ...to < all.length && { nextToken: Buffer.from(String(to)).toString('base64') } };
}
