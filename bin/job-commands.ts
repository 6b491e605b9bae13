/** In a file of its own: the SDK's clients take longer to load than all other commands. */
export { describe, logs } from '../lib/operate/commands';
