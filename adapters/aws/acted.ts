/** What every mutating adapter function returns: the proof that the call was answered. */
import { unknownRequestId } from "./translate-error.ts";

export interface Acted {
  /** AWS's request id, for the audit record and for AWS support. */
  readonly requestId: string;
}

interface Answer {
  readonly $metadata: { readonly requestId?: string | undefined };
}

export const acted = (answer: Answer): Acted => ({
  requestId: answer.$metadata.requestId ?? unknownRequestId,
});
