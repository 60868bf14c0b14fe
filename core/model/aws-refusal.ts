/** How a refusal by AWS is told in one sentence, and read from it again: Step Functions passes on a name and a sentence alone. */

export interface AwsRefusal {
  /** The API action, as IAM spells it after the colon: `RunInstances`. */
  readonly action: string;
  /** Id or name of what the call was about. */
  readonly resource?: string;
  /** AWS's error code. */
  readonly code: string;
  /** AWS's own words. */
  readonly message: string;
}

/** `CreateTags i-1: TagLimitExceeded: The maximum number of tags has been reached.` */
export const refusalSentence = ({ action, resource, code, message }: AwsRefusal): string =>
  `${action}${resource === undefined ? "" : ` ${resource}`}: ${code}: ${message}`;

/** The resource may be told in words; API actions are two words or more, each with a capital. */
const form =
  /^(?<action>[A-Z][a-z]+[A-Z]\w*)(?: (?<resource>.+?))?: (?<code>[A-Za-z][\w.-]*): (?<message>.*)$/s;

/** Undefined for a sentence that tells of something else. */
export const readRefusalSentence = (sentence: string): AwsRefusal | undefined => {
  const { action, resource, code, message } = form.exec(sentence)?.groups ?? {};
  if (action === undefined || code === undefined || message === undefined) return undefined;
  return { action, ...(resource === undefined ? {} : { resource }), code, message };
};
