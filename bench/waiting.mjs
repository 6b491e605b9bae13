// A hundred deployments at once on a simulated clock: `node --import tsx bench/waiting.mjs [hours of the longest job]`.
import { figure, median, show } from './harness.mjs';
import * as handler from '../lib/handler/index.ts';
import { waiting } from '../test/support/waiting.ts';

console.warn = () => undefined;                                                   // the SDK's remark on the simulation's way to read a body
const hours = Number(process.argv[2] ?? 12);
const { waited, busiestMinute, callsToLaunch, mean } = await waiting(handler, 100, hours * 3600);
const limit = ({ runSeconds }) => Math.max(40, 0.02 * runSeconds);
const worst = waited.map((job) => job.afterSeconds / limit(job)).sort((a, b) => b - a)[0];
const short = waited.filter(({ runSeconds }) => runSeconds <= 2000);

show('Waiting for 100 jobs at once, simulated', [
  figure('longest time from a job\'s end to CloudFormation\'s answer, as a part of max(40 s, 2 % of its run time)', worst.toFixed(2), 'at most 1', worst <= 1),
  figure('the same in seconds, median of jobs up to 33 minutes', median(short.map((job) => job.afterSeconds)).toFixed(0), '', undefined, ' s'),
  figure('describe calls a second in the busiest minute of waiting', busiestMinute.toFixed(2), 'at most 4', busiestMinute <= 4),
  figure('describe calls a second on average', mean.toFixed(2), '', undefined),
  figure('describe calls of a job in its first minute: found absent, launched, looked at', callsToLaunch.toFixed(1), '', undefined),
], [`jobs of 1 minute to ${hours} hours, launched within a minute; the handler and the SDK are the real ones, the services and the clock simulated`]);
