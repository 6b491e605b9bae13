/** Stand in for what adds headers to calls that nobody reads, which features of the SDK are used and the trace of a function that calls functions, and for its log. */
export const recursionDetectionMiddleware = () => <Call>(next: Call): Call => next;
export const checkFeatures = async (): Promise<void> => {};

/** The client is given no logger. */
export const getLoggerPlugin = () => ({ applyToStack: (): void => {} });
