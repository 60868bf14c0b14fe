/** No credential, no ExternalId and no user data stands where an operator, a console or a log shows it. */
import type { Promised } from "./promise.ts";

export const noSecretIsShown: Promised = { atEnd: ({ ending }) => ending.leaks };
