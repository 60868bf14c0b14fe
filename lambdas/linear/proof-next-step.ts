/** What an operator does about an application that does not prove itself in time. */
import { limitName } from "../../core/policy/limit-name.ts";

export const unprovedNextStep = `See why the application does not come up on another machine; raise ${limitName("proofDeadlineMinutes")} if it takes long.`;
