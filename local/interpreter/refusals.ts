/** What Step Functions refuses, with its own error codes. */

import { CloudError } from "../cloud/contract.ts";

export const executionDoesNotExist = (arn: string): CloudError =>
  new CloudError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);

export const stateMachineDoesNotExist = (arn: string): CloudError =>
  new CloudError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);

export const executionAlreadyExists = (arn: string): CloudError =>
  new CloudError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);

export const executionNotRedrivable = (reason: string): CloudError =>
  new CloudError("ExecutionNotRedrivable", reason);

/** After `kill`, before `resume`. */
export const serviceUnavailable = (): CloudError =>
  new CloudError("ServiceUnavailable", "Step Functions is not running", 503);

const arnPattern = (kind: string): RegExp =>
  new RegExp(`^arn:aws[a-z-]*:states:[a-z0-9-]+:\\d{12}:${kind}:[^\\s]+$`, "u");
const arnPatterns = {
  stateMachine: arnPattern("stateMachine"),
  execution: arnPattern("execution"),
} as const;

/** @throws CloudError InvalidArn */
export const checkArn = (kind: keyof typeof arnPatterns, arn: string): void => {
  if (!arnPatterns[kind].test(arn)) throw new CloudError("InvalidArn", `Invalid Arn: '${arn}'`);
};

/** White space, brackets, wildcards, special and control characters, as the API reference lists them. */
const refusedInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/u;

/** @throws CloudError InvalidName */
export const checkName = (name: string): void => {
  if (name.length < 1 || name.length > 80 || refusedInNames.test(name)) {
    throw new CloudError("InvalidName", `Invalid Name: '${name}'`);
  }
};
