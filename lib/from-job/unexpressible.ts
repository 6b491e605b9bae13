/** What no construct can ask for. Its message names the member. */
export class Unexpressible extends Error {}
