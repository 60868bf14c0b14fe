/** Asks for what holds of all volumes of an account's region, and notes what stands against nothing, so that the next one need not ask. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { isEncryptedByDefault } from "../../adapters/aws/ec2/default-encryption.ts";
import { readEbsStanding, updateEbsStanding } from "../../adapters/store/ebs-standings.ts";
import type { Table } from "../../adapters/store/table.ts";
import { isStillBelieved } from "../../core/decide/switch/ebs-standing.ts";
import type { Account } from "../../core/model/account.ts";
import type { EbsStanding } from "../../core/model/ebs-standing.ts";
import type { EvaluationSession } from "./session.ts";

export interface EbsPlace {
  readonly table: Table;
  readonly account: Account;
  readonly region: string;
  readonly now: Date;
}

/** Many evaluations may find the same at one time: the first writes it. */
export const noteStanding = async (
  { table, account, region, now }: EbsPlace,
  fact: keyof EbsStanding,
): Promise<void> => {
  const { accountId } = account;
  await updateEbsStanding(table, { accountId, region }, (stored) =>
    isStillBelieved(stored[fact], now) ? stored : { ...stored, [fact]: now.toISOString() },
  );
};

/** Whether this was found so in the last day. */
export const isKnownStanding = async (
  { table, account: { accountId }, region, now }: EbsPlace,
  fact: keyof EbsStanding,
): Promise<boolean> =>
  isStillBelieved((await readEbsStanding(table, { accountId, region }))[fact], now);

export const askEncryptionByDefault = async (ec2: EC2Client, place: EbsPlace): Promise<boolean> => {
  const isEncrypted = await isEncryptedByDefault(ec2);
  if (!isEncrypted) await noteStanding(place, "notEncryptedAt");
  return isEncrypted;
};

/** EC2 is asked once a day for as long as the account does not. One that does is asked each time, for its owner may mend it. */
export const encryptsByDefault = async (ec2: EC2Client, place: EbsPlace): Promise<boolean> =>
  (await isKnownStanding(place, "notEncryptedAt")) ? false : askEncryptionByDefault(ec2, place);

/** Where the evaluation's target is. */
export const ebsPlaceOf = async ({
  context: { table },
  evaluation: { region },
  account,
  now,
}: EvaluationSession): Promise<EbsPlace> => ({ table, region, now, account: await account() });
