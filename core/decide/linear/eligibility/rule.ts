/** What a rule of eligibility is: it looks at one thing and finds nothing, or one reason against. */
import type { CommandFacts } from "../../../model/command.ts";
import type { Placement } from "../../../model/evaluation.ts";
import type { DeploymentId } from "../../../model/ids.ts";
import type { InstanceFacts } from "../../../model/instance.ts";
import type { InstanceTypeFacts } from "../../../model/market.ts";
import type { LaunchFacts } from "../../../model/launch-check.ts";
import type { Objection, RegistrationFacts } from "../../switch/objection.ts";

export interface OriginalFacts extends RegistrationFacts {
  /** Absent: no switch of its target has launched it. */
  readonly placedBy?: Placement;
  readonly instance: InstanceFacts;
  /** Whose claims are our own; absent in records made before there were claims. */
  readonly deploymentId?: DeploymentId;
  /** Absent: the policy names no document, or the record is from before there were any. */
  readonly commands?: CommandFacts;
  /** Absent in records made before it was looked for. */
  readonly launch?: LaunchFacts;
  /** Absent: the region's catalogue does not have the instance's type. */
  readonly type: InstanceTypeFacts | undefined;
}

export type OriginalRule = (facts: OriginalFacts) => Objection | undefined;
