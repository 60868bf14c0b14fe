/** Where stories play: an account of the laboratory, through the bytes of the wire protocol unless told, and with EC2's request limits. */
import { openAccount, type AccountOptions, type LabAccount } from "../lab/account.ts";
import type { Front } from "../platform/platform.ts";

type StageSetting = Pick<AccountOptions, "market" | "seed" | "startMs" | "region" | "parameters">;
export type OpenStage = (setting: StageSetting) => Promise<LabAccount>;

export const stageOn =
  (front: Front): OpenStage =>
  (setting) =>
    openAccount({ ...setting, version: "demo", name: "demo", front });
