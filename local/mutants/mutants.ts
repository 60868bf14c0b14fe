/** The rules that were once not tested, or whose absence was a fault in use: each must be missed by a test. */
import { accountingMutants } from "./accounting.ts";
import { approvingMutants } from "./approving.ts";
import { clusterApiMutants } from "./cluster-api.ts";
import { drainingMutants } from "./draining.ts";
import { enforcingMutants } from "./enforcing.ts";
import { fleetMutants } from "./fleet.ts";
import { holdingMutants } from "./holding.ts";
import { judgingMutants } from "./judging.ts";
import { keepingMutants } from "./keeping.ts";
import { leftOpenMutants } from "./left-open.ts";
import { linearMutants } from "./linear.ts";
import { movingMutants } from "./moving.ts";
import type { Mutant } from "./mutant.ts";
import { notifyingMutants } from "./notifying.ts";
import { readingWasteMutants } from "./reading-waste.ts";
import { operatingMutants } from "./operating.ts";
import { recordMutants } from "./record.ts";
import { recoveringMutants } from "./recovering.ts";
import { riskMutants } from "./risk.ts";
import { stayingMutants } from "./staying.ts";
import { tellingMutants } from "./telling.ts";
import { timingMutants } from "./timing.ts";
import { tryingMutants } from "./trying.ts";
import { unclaimedMutants } from "./unclaimed.ts";
import { wastingMutants } from "./wasting.ts";
import { wayBackMutants } from "./way-back.ts";

export const mutants: readonly Mutant[] = [
  ...linearMutants,
  ...accountingMutants,
  ...approvingMutants,
  ...clusterApiMutants,
  ...drainingMutants,
  ...enforcingMutants,
  ...fleetMutants,
  ...holdingMutants,
  ...judgingMutants,
  ...keepingMutants,
  ...tellingMutants,
  ...leftOpenMutants,
  ...movingMutants,
  ...notifyingMutants,
  ...operatingMutants,
  ...stayingMutants,
  ...readingWasteMutants,
  ...recordMutants,
  ...recoveringMutants,
  ...riskMutants,
  ...timingMutants,
  ...tryingMutants,
  ...unclaimedMutants,
  ...wastingMutants,
  ...wayBackMutants,
];
