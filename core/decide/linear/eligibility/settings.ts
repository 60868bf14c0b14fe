/** Rules about settings of the instance that Spot does not support, or by which its owner says "leave it alone". */
import { listed } from "../../switch/objection.ts";
import type { OriginalRule } from "./rule.ts";

const isNotTerminationProtected: OriginalRule = ({ instance }) =>
  instance.disableApiTermination
    ? {
        code: "TERMINATION_PROTECTED",
        sentence: `Instance ${instance.instanceId} has termination protection (disableApiTermination=true), which Spot does not offer: switch it off if the owner agrees.`,
      }
    : undefined;

const isNotStopProtected: OriginalRule = ({ instance }) =>
  instance.disableApiStop
    ? {
        code: "STOP_PROTECTED",
        sentence: `Instance ${instance.instanceId} has stop protection (disableApiStop=true), and a switch stops it: switch it off if the owner agrees.`,
      }
    : undefined;

const hasNoHibernation: OriginalRule = ({ instance }) =>
  instance.hibernationConfigured
    ? {
        code: "HIBERNATION_CONFIGURED",
        sentence: `Instance ${instance.instanceId} is configured for hibernation, which its replacement would not have: rebuild it without hibernation.`,
      }
    : undefined;

const hasNoEnclave: OriginalRule = ({ instance }) =>
  instance.enclaveEnabled
    ? {
        code: "ENCLAVE_ENABLED",
        sentence: `Instance ${instance.instanceId} has Nitro Enclaves enabled, and whether another type carries them is not known: rebuild it without enclaves.`,
      }
    : undefined;

const isNotDomainJoined: OriginalRule = ({ instance }) =>
  instance.domainJoined
    ? {
        code: "DOMAIN_JOINED",
        sentence: `Instance ${instance.instanceId} is joined to ${instance.directoryDomain === undefined ? "a directory domain" : `the directory domain ${instance.directoryDomain}`}, and two machines with one identity (SID) break it: take it out of the domain first.`,
      }
    : undefined;

const hasNoScheduledEvent: OriginalRule = ({ instance }) =>
  instance.scheduledEvents.length > 0
    ? {
        code: "SCHEDULED_EVENT_PENDING",
        sentence: `AWS has scheduled ${listed(instance.scheduledEvents)} for ${instance.instanceId}: evaluate again when that is over.`,
      }
    : undefined;

export const settingsRules: readonly OriginalRule[] = [
  isNotTerminationProtected,
  isNotStopProtected,
  hasNoHibernation,
  hasNoEnclave,
  isNotDomainJoined,
  hasNoScheduledEvent,
];
