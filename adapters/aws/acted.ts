/** What every mutating adapter function returns: the proof that the call was answered. */
import { unknownRequestId, type Refused } from "./translate-error.ts";

export interface Acted {
  /** AWS's request id, for the audit record and for AWS support. */
  readonly requestId: string;
  /** AWS's words where it refused the call because what it is to do was found done: this call changed nothing. */
  readonly doneBefore?: string;
}

interface Answer {
  readonly $metadata: { readonly requestId?: string | undefined };
}

export const doneBefore = ({ error, requestId }: Refused): Required<Acted> => ({
  requestId,
  doneBefore: `${error.message} It was found done.`,
});

export const acted = (answer: Answer): Acted => ({
  requestId: answer.$metadata.requestId ?? unknownRequestId,
});
