/**
 * The customer's application: every few seconds a client sends a request to the address, and whichever instance
 * answers there writes to its root volume and to the data volume. What was acknowledged must never be lost.
 */
import { healthyHolder } from "./service.ts";
import type { LabAccount } from "./account.ts";

export interface WriteCount {
  readonly acknowledged: number;
  /** Writes that are on the volume at the end. */
  readonly kept: number;
}

export interface ApplicationRecord {
  readonly root: WriteCount;
  /** Absent: the workload has no data volume. */
  readonly data?: WriteCount;
}

export interface Application {
  /** The clients stop. */
  stop(): void;
  /** Counts what is on the disks of the instance that holds the address now. */
  record(): ApplicationRecord;
}

/** Often enough to fall into every phase, seldom enough to cost nothing. */
const requestEveryMs = 5_000;

export const startApplication = (
  account: LabAccount,
  { allocationId, dataVolumeId }: { readonly allocationId: string; readonly dataVolumeId?: string },
): Application => {
  const { clock } = account;
  const { control } = account.platform.ec2;
  const acknowledged = { root: 0, data: 0 };
  const request = (): void => {
    const holder = healthyHolder(account, allocationId);
    if (holder !== undefined) {
      if (control.write(holder.instanceId).acknowledged) acknowledged.root += 1;
      const isDataWritten = dataVolumeId !== undefined && control.write(dataVolumeId).acknowledged;
      if (isDataWritten) acknowledged.data += 1;
    }
    cancel = clock.schedule(clock.now() + requestEveryMs, request);
  };
  let cancel = clock.schedule(clock.now(), request);
  return {
    stop: () => {
      cancel();
    },
    record: () => {
      const holder = healthyHolder(account, allocationId);
      const kept = holder === undefined ? 0 : (control.writesOn(holder.instanceId) ?? 0);
      return {
        root: { acknowledged: acknowledged.root, kept },
        ...(dataVolumeId === undefined
          ? {}
          : {
              data: {
                acknowledged: acknowledged.data,
                kept: control.writesOn(dataVolumeId) ?? 0,
              },
            }),
      };
    },
  };
};
