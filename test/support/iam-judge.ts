import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Question, Statement } from './policy-statements';

const ROOT = join(__dirname, '..', '..');

/** A role taken through STS, and the server that authorizes its calls. */
export interface Assumed {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };
}

/** moto in a process of its own, asked line by line (e2e/iam_judge.py). */
export class IamJudge {
  /** What moto needs. */
  public static readonly REQUIREMENTS = join(ROOT, 'e2e', 'iam-requirements.txt');

  private readonly process: ChildProcess;
  private readonly lines: Interface;
  private readonly waiting: ((line: string) => void)[] = [];
  private readonly ended: Promise<void>;
  private words = '';

  public constructor(python: string) {
    this.process = spawn(python, [join(ROOT, 'e2e', 'iam_judge.py')], { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: process.env.HOME, AWS_EC2_METADATA_DISABLED: 'true' } });
    this.lines = createInterface({ input: this.process.stdout! });
    this.lines.on('line', (line) => this.waiting.shift()?.(line));
    // it complains of every operation that it does not know: only its last words, if it dies, are of interest
    this.process.stderr!.on('data', (chunk: Buffer) => { this.words = (this.words + chunk.toString()).slice(-2000); });
    this.ended = new Promise((resolve) => { this.process.on('exit', () => resolve()); });
  }

  /** A role that these statements are the policy of. */
  public assume(statements: readonly Statement[]): Promise<Assumed> {
    return this.ask({ assume: policy(statements) });
  }

  /** Whether each of these is permitted. */
  public verdicts(statements: readonly Statement[], questions: readonly Question[]): Promise<boolean[]> {
    return this.ask({ policy: policy(statements), questions });
  }

  public async stop(): Promise<void> {
    this.process.stdin!.end();
    await this.ended;
  }

  private ask<Answer>(question: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push((line) => resolve(JSON.parse(line) as Answer));
      void this.ended.then(() => reject(new Error(`the judge has ended: ${this.words}`)));
      this.process.stdin!.write(`${JSON.stringify(question)}\n`);
    });
  }
}

const policy = (Statement: readonly Statement[]) => ({ Version: '2012-10-17', Statement });
