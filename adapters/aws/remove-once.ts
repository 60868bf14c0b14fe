/** Ends something that was seen a moment ago, so that a repetition of a call that acted is found done. */
import { SpotOptimizerError } from "../../core/errors.ts";
import { acted, doneBefore, type Acted } from "./acted.ts";
import { isNotFound } from "./error-codes.ts";
import { callAws, expectRefusal } from "./translate-error.ts";

interface Removal {
  /** The API action, as IAM spells it after the colon. */
  readonly action: string;
  readonly id: string;
  readonly call: () => Promise<Parameters<typeof acted>[0]>;
  /** Whether a listing still has it. */
  readonly isShown: () => Promise<boolean>;
  /** Codes that say that it may be gone. Default: that the id is not known. */
  readonly isGone?: (code: string) => boolean;
}

/**
 * Where AWS does not know the id, a listing decides: one that it no longer has was removed before.
 * @throws RetryableNotVisible where the listing has it: nothing was done
 */
export const removeOnce = async (removal: Removal): Promise<Acted> => {
  const { action, id, call, isShown, isGone = isNotFound } = removal;
  try {
    return acted(await callAws({ action, resource: id }, call));
  } catch (error) {
    const refused = expectRefusal(error, isGone);
    if (!(await isShown())) return doneBefore(refused);
    if (!isNotFound(refused.code)) throw error;
    throw new SpotOptimizerError(
      "RetryableNotVisible",
      `EC2 shows ${id}, and does not know it by its id yet.`,
      { resource: id, code: refused.code, cause: error },
    );
  }
};
