import { failure } from './job-states';
import { again, caught, like, sdk, type Ends, type States, type Step } from './states';

/** Each wait is longer than the one before it: half a minute to begin with. */
const LONGER_BY_SECONDS = 15;
const BEFORE_SECONDS = 30 - LONGER_BY_SECONDS;
/** About 20 hours with one stack: the sum of all waits until then. */
const LONGEST_WAIT_SECONDS = 1470;
/** About 20 minutes: CloudFormation has taken an update and shows nothing of it. */
const LONGEST_UNSEEN_WAIT_SECONDS = 180;
/** At all stacks together. Of the 25,000 events that an execution can have a look takes 15, and 24 more where it is tried as often as can be. */
const LOOKS = { forth: 400, back: 150 };
const TRIES = 8;

/** A stack reads the parameter again: its template and all other parameters stay as they are, and CloudFormation moves what has changed by that. */
export function updateStep(partition: string, stackName: string, index: number, failed: string, ends: Ends): Step {
  return {
    entry: `Stack ${index + 1}: begin`,
    states: (next) => updated({ partition, stackName, label: `Stack ${index + 1}`, isFirst: index === 0, looks: LOOKS.forth, error: '$.error', next, failed, unknown: ends.failed }),
  };
}

/** The same after the parameter has been put back. What can't be done is left: why the run failed has been said already. */
export function updatingBack(partition: string, stackName: string, index: number): Step {
  return {
    entry: `Stack ${index + 1} back: begin`,
    states: (next) => updated({ partition, stackName, label: `Stack ${index + 1} back`, isFirst: index === 0, looks: LOOKS.back, error: '$.undo', next, failed: next, unknown: next }),
  };
}

interface Update {
  readonly partition: string;
  readonly stackName: string;
  readonly label: string;
  /** With it begins the count of looks. */
  readonly isFirst: boolean;
  readonly looks: number;
  /** Where is kept why it did not go. */
  readonly error: string;
  readonly next: string;
  readonly failed: string;
  /** Where it goes when an update is still under way: what becomes of it is not known, and nothing may be put back. */
  readonly unknown: string;
}

const STACK = '$.stack.Stacks[0]';
const IN_PROGRESS = { Variable: `${STACK}.StackStatus`, StringMatches: '*_IN_PROGRESS' };
/** An update has begun since `look`. It was begun after the parameter was written and so has read it, whoever asked for it. */
const BEGUN = { And: [{ Variable: `${STACK}.LastUpdatedTime`, IsPresent: true }, { Not: { Variable: `${STACK}.LastUpdatedTime`, StringEqualsPath: '$.was.time' } }] };
/** Faults that pass. CloudFormation's have one name, whatever their status is. */
const PASSES = [
  { Variable: '$.refused.Error', StringMatches: '*SdkClientException' }, { Variable: '$.refused.Error', StringEquals: 'States.Timeout' },
  ...['*Status Code: 5*', '*Rate exceeded*', '*Throttling*'].map((words) => like('$.refused.Cause', words)),
];
const GONE = like('$.refused.Cause', '*does not exist*');

/**
 * Only what the stack itself shows decides: an answer that was lost says nothing of the update. After any fault that passes the stack is looked at again, waited for
 * while it is busy, and asked once more: it has nothing to update then, if the lost call has done it.
 */
function updated(update: Update): States {
  const { partition, stackName, label, next, failed } = update;
  const at = (state: string) => `${label}: ${state}`;
  const because = (words: string, paths: { readonly [word: string]: string }, end = failed) => ({ ...failure('StackNotUpdated', words, paths, end), ResultPath: update.error });
  const describe = { Type: 'Task', Resource: sdk(partition, 'cloudformation', 'describeStacks'), Parameters: { StackName: stackName }, ResultPath: '$.stack', Retry: again(TRIES) };
  return {
    [at('begin')]: { Type: 'Pass', Comment: stackName, Parameters: { ...(update.isFirst ? { count: 0 } : { 'count.$': '$.looks.count' }), seconds: BEFORE_SECONDS }, ResultPath: '$.looks', Next: at('look') },
    [at('look')]: { ...describe, Catch: caught('$.refused', at('there?')), Next: at('free?') },
    // a stack that is yet to be deployed will read the parameter then
    [at('there?')]: { Type: 'Choice', Choices: [{ ...GONE, Next: next }, { Or: PASSES, Next: at('busy') }], Default: at('refused') },
    [at('free?')]: {
      Type: 'Choice',
      Choices: [
        { Variable: `${STACK}.StackStatus`, StringEquals: 'REVIEW_IN_PROGRESS', Next: next },   // a change set that would make it: it is not there yet
        { ...IN_PROGRESS, Next: at('busy') },
        // without it CloudFormation would move the endpoint with the rights of this workflow, which has none to do so, nor to go back
        { Not: { Variable: `${STACK}.RoleARN`, IsPresent: true }, Next: at('no role') },
        { Variable: `${STACK}.LastUpdatedTime`, IsPresent: true, Next: at('updated before') },
      ],
      Default: at('never updated'),
    },
    [at('no role')]: because(`stack ${stackName} has no service role, with which CloudFormation would update it: deploy it with one, as cdk deploy does after cdk bootstrap`, {}),
    ...waiting(update, 'busy', 'look', because(`stack ${stackName} was busy for too long, or could not be asked`, {})),
    [at('updated before')]: { Type: 'Pass', Parameters: { 'time.$': `${STACK}.LastUpdatedTime`, 'token.$': 'States.UUID()' }, ResultPath: '$.was', Next: at('any parameters?') },
    [at('never updated')]: { Type: 'Pass', Parameters: { 'time': 'never', 'token.$': 'States.UUID()' }, ResultPath: '$.was', Next: at('any parameters?') },
    [at('any parameters?')]: { Type: 'Choice', Choices: [{ Variable: `${STACK}.Parameters`, IsPresent: true, Next: at('parameters') }], Default: at('no parameters') },
    [at('parameters')]: {
      Type: 'Map', ItemsPath: `${STACK}.Parameters`, ResultPath: '$.parameters', Next: at('update'),
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' }, StartAt: at('as it is'),
        States: { [at('as it is')]: { Type: 'Pass', Parameters: { 'ParameterKey.$': '$.ParameterKey', 'UsePreviousValue': true }, End: true } },
      },
    },
    [at('no parameters')]: { Type: 'Pass', Result: [], ResultPath: '$.parameters', Next: at('update') },
    [at('update')]: {
      Type: 'Task', Resource: sdk(partition, 'cloudformation', 'updateStack'),
      Parameters: {
        'StackName': stackName, 'UsePreviousTemplate': true, 'Parameters.$': '$.parameters', 'Capabilities': ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
        'ClientRequestToken.$': '$.was.token',
      },
      // the token makes one of however many calls
      ResultPath: null, Retry: again(4, ['CloudFormation.SdkClientException']), Catch: caught('$.refused', at('why?')), Next: at('taken'),
    },
    [at('why?')]: {
      Type: 'Choice',
      Choices: [
        { ...like('$.refused.Cause', '*No updates are to be performed*'), Next: next },
        { Or: [like('$.refused.Cause', '*_IN_PROGRESS*'), ...PASSES], Next: at('busy') },
      ],
      Default: at('look once more'),
    },
    // the call before this one may have been taken
    [at('look once more')]: { ...describe, Catch: caught('$.unknown', at('refused')), Next: at('taken after all?') },
    [at('taken after all?')]: { Type: 'Choice', Choices: [{ ...IN_PROGRESS, Next: at('taken') }, { ...BEGUN, Next: at('how?') }], Default: at('refused') },
    [at('refused')]: because(`stack ${stackName} can't be updated: {error}: {cause}`, { error: '$.refused.Error', cause: '$.refused.Cause' }),
    [at('taken')]: { Type: 'Pass', Parameters: { 'count.$': '$.looks.count', 'seconds': BEFORE_SECONDS }, ResultPath: '$.looks', Next: at('under way') },
    ...waiting(update, 'under way', 'watch', because(`the update of stack ${stackName} has not ended, or could not be looked at, for too long: it goes on, and nothing was put back`, {}, update.unknown)),
    [at('watch')]: { ...describe, Catch: caught('$.refused', at('gone?')), Next: at('done?') },
    [at('gone?')]: { Type: 'Choice', Choices: [{ ...GONE, Next: at('refused') }], Default: at('under way') },
    [at('done?')]: { Type: 'Choice', Choices: [{ ...IN_PROGRESS, Next: at('under way') }, { ...BEGUN, Next: at('how?') }], Default: at('unseen') },
    // the state from before the update
    [at('unseen')]: { Type: 'Choice', Choices: [{ Variable: '$.looks.seconds', NumericLessThan: LONGEST_UNSEEN_WAIT_SECONDS, Next: at('under way') }], Default: at('not begun') },
    [at('not begun')]: because(`CloudFormation has taken the update of stack ${stackName}, and not begun it within 20 minutes`, {}),
    [at('how?')]: { Type: 'Choice', Choices: [{ Variable: `${STACK}.StackStatus`, StringEquals: 'UPDATE_COMPLETE', Next: next }], Default: at('not updated') },
    [at('not updated')]: because(`the update of stack ${stackName} ended as {status}: its events say why`, { status: `${STACK}.StackStatus` }),
  };
}

/** A wait that is longer than the one before it, until there were too many. */
function waiting({ label, looks }: Update, state: string, then: string, tooLong: object): States {
  const at = (each: string) => `${label}: ${each}`;
  return {
    [at(state)]: {
      Type: 'Pass', Parameters: { 'count.$': 'States.MathAdd($.looks.count, 1)', 'seconds.$': `States.MathAdd($.looks.seconds, ${LONGER_BY_SECONDS})` }, ResultPath: '$.looks', Next: at(`${state} too long?`),
    },
    [at(`${state} too long?`)]: {
      Type: 'Choice',
      Choices: [{ And: [{ Variable: '$.looks.count', NumericLessThan: looks }, { Variable: '$.looks.seconds', NumericLessThan: LONGEST_WAIT_SECONDS }], Next: at(`${state}: wait`) }],
      Default: at(`${state} too long`),
    },
    [at(`${state} too long`)]: tooLong,
    [at(`${state}: wait`)]: { Type: 'Wait', SecondsPath: '$.looks.seconds', Next: at(then) },
  };
}
