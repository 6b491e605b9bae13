import { CommandError } from '../cli/output';
import type { Properties } from '../cloudformation/stack-record';
import { CHANNEL_NAME, eachDefinition } from './job-request';
import { pairsOf } from './job-options';
import { dataAt, pathOf } from './local-path';
import type { OneRun } from './one-run';

interface Channel {
  readonly ChannelName: string;
  readonly DataSource?: { readonly S3DataSource?: { readonly S3Uri?: string } };
}

/**
 * The channels of a request: those given as folders and files are used from where they lie, the data of the others are brought.
 *
 * @throws CommandError for a channel whose data are nowhere to be had
 */
export async function withChannels(run: OneRun, request: Properties, texts: readonly string[]): Promise<Properties> {
  const given = pairsOf('channel', texts, CHANNEL_NAME);
  for (const [name, text] of given) { await give(run, name, text); }
  sayAdded(run, request, [...given.keys()]);
  const changed = eachDefinition(request, (definition) => {
    const channels = (definition.InputDataConfig ?? []) as readonly Channel[];
    const added = [...given.keys()].filter((name) => channels.every(({ ChannelName }) => ChannelName !== name));
    if (channels.length + added.length === 0) { return definition; }
    return { ...definition, InputDataConfig: [...channels, ...added.map((ChannelName) => ({ ChannelName }))].map((channel) => replaced(run, channel, given.get(channel.ChannelName))) };
  });
  const wanted = new Map<string, string>();
  eachDefinition(changed, (definition) => {
    for (const { ChannelName: name, DataSource: source } of (definition.InputDataConfig ?? []) as readonly Channel[]) {
      if (!run.volumes.has(folderOf(name)) && source?.S3DataSource?.S3Uri !== undefined) { wanted.set(name, source.S3DataSource.S3Uri); }
    }
    return definition;
  });
  for (const [name, uri] of wanted) { await bring(run, name, uri); }
  return changed;
}

/** A name that was mistyped is seen. */
function sayAdded({ output }: OneRun, request: Properties, given: readonly string[]): void {
  const known = new Set<string>();
  eachDefinition(request, (definition) => {
    for (const { ChannelName: name } of (definition.InputDataConfig ?? []) as readonly Channel[]) { known.add(name); }
    return definition;
  });
  for (const name of given.filter((each) => !known.has(each))) {
    output.progress(output.paint('yellow', `channel ${name} is not one of the app's (${[...known].join(', ') || 'none'}): added`));
  }
}

/** `s3://` is the local S3, everything else this machine. */
async function give({ volumes }: OneRun, name: string, text: string): Promise<void> {
  if (!text.startsWith('s3://')) { volumes.set(folderOf(name), dataAt(text)); }
}

function replaced(run: OneRun, channel: Channel, text: string | undefined): object {
  const uri = channel.DataSource?.S3DataSource?.S3Uri;
  const last = text === undefined ? lastResult(run, channel.ChannelName, uri) : undefined;
  if (last !== undefined) { run.volumes.set(folderOf(channel.ChannelName), last); }
  if (text === undefined && last === undefined) { return channel; }
  const S3Uri = text !== undefined && pathOf(text) === undefined ? text : `s3://cdk-sagemaker-run/channels/${channel.ChannelName}/`;
  return { ...channel, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3DataDistributionType: 'FullyReplicated', S3Uri } } };
}

/** What the job whose result the channel is has left here last. */
function lastResult({ values, data, output }: OneRun, channel: string, uri: string | undefined): string | undefined {
  const unknown = values.unknowns.in(uri);
  const last = unknown && data.lastResult(unknown);
  if (last !== undefined) { output.progress(`channel ${channel}: what the last run of ${last.job} has left, ${last.path}`); }
  return last?.path;
}

async function bring({ construct, values, data }: OneRun, name: string, uri: string): Promise<void> {
  if (values.unknowns.in(uri) !== undefined || await data.bring(uri)) { return; }
  throw new CommandError(`${construct.path}: the data of channel ${name} are not here: there is nothing at ${uri} in the local S3, and the app deploys nothing there. Give --channel ${name}=<folder or file>`);
}

const folderOf = (channel: string) => `/opt/ml/input/data/${channel}`;
