/** Stand in for what adds headers to calls that nobody reads: which features of the SDK are used, and the trace of a function that calls functions. */
export const recursionDetectionMiddleware = () => <Call>(next: Call): Call => next;
export const checkFeatures = async (): Promise<void> => {};
