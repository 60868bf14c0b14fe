/** Asks EC2 of one instance whether it has taken it back, or is about to: why one has ended stands in no list. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readSpotHealth } from "../../adapters/aws/ec2/health.ts";
import { takenOf } from "../../core/decide/linear/recovery.ts";

/** What its owner has ended is not taken. */
export const isTakenByEc2 = async (ec2: EC2Client, instanceId: string): Promise<boolean> =>
  takenOf(await readSpotHealth(ec2, instanceId))?.by === "EC2";
