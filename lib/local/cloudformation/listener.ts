import type { IncomingMessage } from 'node:http';
import { answering, bodyOf, requireLocalCaller, send } from '../aws-json';
import type { PartialListener } from '../aws-json';
import { ServiceError } from '../service-error';
import type { CloudFormation } from './engine';
import type { StackRecord } from './stack-record';

export const ANSWERS_PATH = '/cloudformation/responses/';
/** More than any answer may have: it is the engine that measures and refuses. */
const LARGEST_BODY = 1024 * 1024;

/** CloudFormation on the wire: `DescribeStacks` of the Query protocol, and the URLs that custom resources answer to. */
export function cloudFormationListener(cloudFormation: CloudFormation, log: (line: string) => void): PartialListener {
  return (request, response) => {
    const path = (request.url ?? '').split('?')[0] as string;
    if (request.method === 'PUT' && path.startsWith(ANSWERS_PATH)) {
      void answering(response, log, ({ message }) => ({ message }), async () => {
        requireLocalCaller(request);
        send(response, cloudFormation.customResources.receive(path.slice(ANSWERS_PATH.length), (await bodyOf(request, LARGEST_BODY)).toString()), {}, Buffer.alloc(0));
      });
      return true;
    }
    if (request.method !== 'POST' || path !== '/' || !(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) { return false; }
    void answerQuery(cloudFormation, request).then(
      (xml) => send(response, 200, { 'Content-Type': 'text/xml' }, Buffer.from(xml)),
      (error: Error) => {
        const known = error instanceof ServiceError ? error : new ServiceError('InternalFailure', error.message, 500);
        if (known !== error) { log(error.stack ?? error.message); }
        const xml = `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${known.name}</Code><Message>${escaped(known.message)}</Message></Error></ErrorResponse>`;
        send(response, known.status, { 'Content-Type': 'text/xml' }, Buffer.from(xml));
      },
    );
    return true;
  };
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

async function answerQuery(cloudFormation: CloudFormation, request: IncomingMessage): Promise<string> {
  requireLocalCaller(request);
  const query = new URLSearchParams((await bodyOf(request, LARGEST_BODY)).toString());
  const action = query.get('Action');
  if (action !== 'DescribeStacks') { throw new ServiceError('InvalidAction', `Not supported by the local AWS: ${action ?? 'a request without Action'} of CloudFormation`); }
  const name = query.get('StackName');
  const stacks = name === null ? cloudFormation.list() : [cloudFormation.describe(name)];
  return `<DescribeStacksResponse xmlns="${NAMESPACE}"><DescribeStacksResult><Stacks>${stacks.map(member).join('')}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function member({ stackName, stackId, status, statusReason, created, updated, outputs }: StackRecord): string {
  const elements: [string, string | undefined][] = [
    ['StackName', stackName], ['StackId', stackId], ['CreationTime', new Date(created).toISOString()],
    ['LastUpdatedTime', updated === undefined ? undefined : new Date(updated).toISOString()], ['StackStatus', status], ['StackStatusReason', statusReason],
  ];
  const list = Object.entries(outputs).map(([key, { value }]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`);
  const text = elements.filter(([, value]) => value !== undefined).map(([name, value]) => `<${name}>${escaped(value as string)}</${name}>`);
  return `<member>${text.join('')}<Outputs>${list.join('')}</Outputs></member>`;
}

const escaped = (text: string) => text.replace(/[<>&"]/g, (letter) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[letter] as string);
