/** Reading what may not be there: an API's "no such thing" is an answer, not a failure. */
import { isNotFound } from "./error-codes.ts";
import { expectRefusal } from "./translate-error.ts";

/** The answer, or undefined when the API does not know the id (or no longer does). Other refusals are thrown on. */
export const orAbsent = async <Value>(
  read: () => Promise<Value>,
  isAbsent: (code: string) => boolean = isNotFound,
): Promise<Value | undefined> => {
  try {
    return await read();
  } catch (error) {
    expectRefusal(error, isAbsent);
    return undefined;
  }
};
