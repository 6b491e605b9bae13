// A chunk of its own, since it brings the SDKs: the other commands start without them.
export { checkKinds, kindOf, KINDS, requestOf, targetOf, Unexpressible, written } from '../lib/from-job';
export { analytics, describe, logs, metrics, pinModel } from '../lib/operate';
export { described } from '../lib/operate/described';
export { checkPicture, followRun, tailLog } from '../lib/operate/run';
export { invoke } from '../lib/predictor/command';
export { AwsAccount } from '../lib/plan/aws-account';
