// A chunk of its own, since it brings the SDKs: the other commands start without them.
export { describe, logs } from '../lib/operate';
