// A chunk of its own, since it brings the SDKs: the other commands start without them.
export { analytics, describe, logs, metrics, pinModel } from '../lib/operate';
export { checkPicture, followRun, tailLog } from '../lib/operate/run';
export { invoke } from '../lib/predictor/command';
