/** Whether a higher or a lower value of a metric is the better one. */
export enum ObjectiveType {
  /** The higher the better, for instance an accuracy. */
  MAXIMIZE = 'Maximize',
  /** The lower the better, for instance a loss. */
  MINIMIZE = 'Minimize',
}
