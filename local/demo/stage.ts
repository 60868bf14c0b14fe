/** Where stories play: an account of the laboratory, through the bytes of the wire protocol and with EC2's request limits. */
import { openAccount, type AccountOptions, type LabAccount } from "../lab/account.ts";

export type StageSetting = Pick<AccountOptions, "market" | "seed" | "startMs" | "region">;

export const openStage = (setting: StageSetting): Promise<LabAccount> =>
  openAccount({ ...setting, version: "demo", name: "demo" });
