// A part of the local AWS, since it runs jobs in this process: what only looks at stacks starts without it.
export { serve } from '../lib/local/cli/serve';
export { train } from '../lib/local/cli/train';
export { transform } from '../lib/local/cli/transform';
export { tune } from '../lib/local/cli/tune';
