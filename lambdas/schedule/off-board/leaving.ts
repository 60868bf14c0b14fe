/** One account on its way out, as the parts of the work know it. */
import type { Account } from "../../../core/model/account.ts";
import type { OffBoarding } from "../../../core/model/off-boarding.ts";
import type { DutyClients } from "../../evaluation/duty.ts";
import type { CustomerClients, StepContext } from "../../runtime/context.ts";

export type OffBoardContext = StepContext<DutyClients>;

export interface Leaving {
  readonly context: OffBoardContext;
  readonly account: Account;
  readonly offBoarding: OffBoarding;
  readonly customer: (region: string) => Promise<Pick<CustomerClients, DutyClients>>;
  /** Why the work did not come to its end, in a sentence; undefined: it is done. One that fails is logged, and waits. */
  readonly attempt: (
    what: string,
    work: () => Promise<string | undefined>,
  ) => Promise<string | undefined>;
}
