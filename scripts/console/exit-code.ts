/** How a command ends. */
export const ExitCode = {
  /** done and verified */
  done: 0,
  /** a verification or a rule failed */
  failed: 1,
  /** wrong usage or wrong input */
  usage: 2,
  /** a defect of the model itself */
  defect: 3,
  /** stopped by Ctrl-C */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
