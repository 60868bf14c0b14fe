/** What a person can do at all. */
import type { Lab } from "../lab/contract.ts";

/** Where nothing runs that could serve, a person must launch something first: the product can't help. */
export const nothingRuns = ({ control, account }: Lab): boolean =>
  control.running(account.accountId).length === 0;
