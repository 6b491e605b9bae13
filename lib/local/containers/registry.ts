import { execFile } from 'node:child_process';
import { EngineError, type Engine } from './engine';
import type { Waiting } from './shared-work';

/** Gets images from where they are kept; into Amazon's registries it logs in by the AWS CLI, as a user would. */
export class Registry {
  /** Why an image could not be had, for a while: those who ask next need not wait for the same. */
  private readonly failures = new Map<string, { readonly error: EngineError; readonly until: number }>();

  constructor(private readonly engine: Engine) {}

  /** @throws EngineError */
  public async pull(image: string, { log, signal }: Waiting): Promise<void> {
    const before = this.failures.get(image);
    if (before !== undefined && before.until > Date.now()) { throw before.error; }
    this.failures.delete(image);
    log(`Pulling ${image}`);
    try {
      await this.pullOrLogIn(image, { log, signal });
    } catch (error) {
      if (!(error instanceof EngineError) || signal.aborted) { throw error; }
      const said = new EngineError(`The image ${image} can't be pulled: ${error.message}`);
      this.failures.set(image, { error: said, until: Date.now() + REMEMBERED });
      throw said;
    }
  }

  private async pullOrLogIn(image: string, { log, signal }: Waiting): Promise<void> {
    const pull = () => this.engine.call(['pull', image], { signal, onLine: log });
    const [registry, region] = ECR.exec(image)?.slice(1) ?? [];
    try {
      await pull();
    } catch (error) {
      if (registry === undefined || region === undefined || !(error instanceof EngineError) || !WANTS_LOGIN.test(error.message)) { throw error; }
      await this.logIn(registry, region, error.message, signal);
      await pull();
    }
  }

  private async logIn(registry: string, region: string, refusal: string, signal: AbortSignal): Promise<void> {
    const command = ['ecr', 'get-login-password', '--region', region];
    const login = ['login', '--username', 'AWS', '--password-stdin', registry];
    try {
      await this.engine.call(login, { signal, input: await awsSays(command, signal) });
    } catch (error) {
      signal.throwIfAborted();
      throw new EngineError(`${refusal}; and the login has failed: ${(error as Error).message.replace(/\.$/, '')}. Log in by \`aws ${command.join(' ')} | ${this.engine.program} ${login.join(' ')}\``);
    }
  }
}

/** Of the AWS CLI, with the user's own credentials. */
function awsSays(args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('aws', args, { signal, env: process.env }, (error, stdout, stderr) => {
      if (error === null) { return resolve(stdout); }
      reject(new Error((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'the AWS CLI is not installed' : stderr.trim().split('\n').at(-1) || error.message));
    });
  });
}

/** Amazon's registries, in whatever partition: registry and Region. */
const ECR = /^(\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.]+)\//;
const WANTS_LOGIN = /no basic auth|unauthorized|authoriz|authenticat|denied|forbidden|credentials|\b40[13]\b/i;
/** Somebody may log in, or pull it, meanwhile. */
const REMEMBERED = 60_000;
