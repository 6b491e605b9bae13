import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { answering, bodyOf, requireLocalCaller, send } from '../aws-json';
import type { PartialListener } from '../aws-json';
import { ServiceError } from '../service-error';
import type { CloudFormation } from './engine';
import type { StacksApi } from './stacks-api';

export const ANSWERS_PATH = '/cloudformation/responses/';
/** More than any answer may have: it is the engine that measures and refuses. */
const LARGEST_BODY = 1024 * 1024;

/** CloudFormation on the wire: the Query protocol, and the URLs that custom resources answer to. */
export function cloudFormationListener(cloudFormation: CloudFormation, stacks: StacksApi, log: (line: string) => void): PartialListener {
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
    void answerQuery(stacks, request).then(
      (xml) => send(response, 200, { 'Content-Type': 'text/xml' }, Buffer.from(xml)),
      (error: Error) => {
        const known = error instanceof ServiceError ? error : new ServiceError('InternalFailure', error.message, 500);
        if (known !== error) { log(error.stack ?? error.message); }
        const xml = `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${known.name}</Code><Message>${escaped(known.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
        send(response, known.status, { 'Content-Type': 'text/xml' }, Buffer.from(xml));
      },
    );
    return true;
  };
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

async function answerQuery(stacks: StacksApi, request: IncomingMessage): Promise<string> {
  requireLocalCaller(request);
  const query = new URLSearchParams((await bodyOf(request, LARGEST_BODY)).toString());
  const action = query.get('Action') ?? 'a request without Action';
  if (!stacks.operationNames.includes(action)) { throw new ServiceError('InvalidAction', `Not supported by the local AWS: ${action} of CloudFormation`); }
  const answer = await stacks.call(action, inputOf(query));
  return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${elementsOf(answer)}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;
}

const BOOLEANS = new Set(['UsePreviousTemplate', 'UsePreviousValue', 'DisableRollback']);

/** `Parameters.member.1.ParameterKey=a` as lists and objects. */
function inputOf(query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of query) {
    if (name === 'Action' || name === 'Version') { continue; }
    const path = name.split('.');
    if (path.includes('__proto__')) { continue; }
    const at = path.slice(0, -1).reduce<Record<string, unknown>>((object, part) => (object[part] ??= {}) as Record<string, unknown>, input);
    at[path.at(-1) as string] = BOOLEANS.has(path.at(-1) as string) ? value === 'true' : value;
  }
  return withLists(input) as Record<string, unknown>;
}

function withLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) { return value; }
  const { member } = value as { member?: Record<string, unknown> };
  if (member !== undefined) { return Object.entries(member).sort(([a], [b]) => Number(a) - Number(b)).map(([, element]) => withLists(element)); }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withLists(each)]));
}

function elementsOf(value: unknown): string {
  if (value instanceof Date) { return value.toISOString(); }
  if (Array.isArray(value)) { return value.map((element) => `<member>${elementsOf(element)}</member>`).join(''); }
  if (typeof value === 'object' && value !== null) { return Object.entries(value).map(([name, member]) => `<${name}>${elementsOf(member)}</${name}>`).join(''); }
  return escaped(String(value));
}

const escaped = (text: string) => text.replace(/[<>&"]/g, (letter) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[letter] as string);
