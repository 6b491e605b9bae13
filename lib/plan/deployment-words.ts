type Tree = { readonly [member: string]: unknown };

/** How an endpoint gets another configuration, for people: `canary of 10 % for 10 minutes, then the rest`. */
export function deploymentText(endpoint: Tree, hasInstances: boolean): string {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling, AutoRollbackConfiguration: rollback } = treeAt(endpoint, 'DeploymentConfig');
  const { RetainDeploymentConfig: retains, RetainAllVariantProperties: keeps, ExcludeRetainedVariantProperties: excluded } = endpoint;
  const alarms = listAt(rollback, 'Alarms').length;
  const except = (Array.isArray(excluded) ? excluded as readonly Tree[] : []).map(({ VariantPropertyType: type }) => String(type)).join(', ');
  const how = String(retains) === 'true' ? 'as it was updated before' : rolling !== undefined ? rollingText(rolling as Tree) : blueGreenText(blueGreen as Tree | undefined, hasInstances);
  return [
    how,
    ...(alarms > 0 ? [`taken back by ${alarms === 1 ? 'an alarm' : `${alarms} alarms`}`] : []),
    ...(String(keeps) === 'true' ? [`variants keep what they have been set to${except === '' ? '' : ` except ${except}`}`] : []),
  ].join('; ');
}

function blueGreenText(policy: Tree | undefined, hasInstances: boolean): string {
  const { Type: type = 'ALL_AT_ONCE', CanarySize: canary, LinearStepSize: step, WaitIntervalInSeconds: wait } = treeAt(policy, 'TrafficRoutingConfiguration');
  const kept = policy?.TerminationWaitInSeconds;
  const how = type === 'CANARY' ? `blue/green, canary of ${sizeText(canary)}${timeText(' for ', wait)}, then the rest`
    : type === 'LINEAR' ? `blue/green, linear by ${sizeText(step)}${timeText(' every ', wait)}` : 'blue/green, all at once';
  return `${how}${hasInstances ? ', twice the instances meanwhile' : ''}${timeText(', the old ones kept for ', kept)}`;
}

function rollingText({ MaximumBatchSize: batch, WaitIntervalInSeconds: wait }: Tree): string {
  return `rolling, ${sizeText(batch)} at a time${timeText(', then a wait of ', wait)}`;
}

function sizeText(size: unknown): string {
  const { Type: type, Value: value } = (size ?? {}) as Tree;
  if (value === undefined) { return 'a part'; }
  return type === 'CAPACITY_PERCENT' ? `${String(value)} %` : type === 'COPY_COUNT' ? `${String(value)} ${Number(value) === 1 ? 'copy' : 'copies'}` : `${String(value)} ${Number(value) === 1 ? 'instance' : 'instances'}`;
}

/** Nothing where there is none. */
function timeText(before: string, time: unknown): string {
  const seconds = Number(time ?? 0);
  if (!(seconds > 0)) { return ''; }
  const [number, noun] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return `${before}${number} ${noun}${number === 1 ? '' : 's'}`;
}

const treeAt = (tree: unknown, member: string) => ((tree as Tree | undefined)?.[member] ?? {}) as Tree;
const listAt = (tree: unknown, member: string) => ((tree as Tree | undefined)?.[member] ?? []) as readonly unknown[];
