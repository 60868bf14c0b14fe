/** All that every evaluation promises, however it goes. A new promise is a file here and a line in this list. */
import { addressesAreHeld } from "./addresses-are-held.ts";
import { claimsStand } from "./claims-stand.ts";
import { connectionsAreNotCut } from "./connections-are-not-cut.ts";
import { dataComesFirst } from "./data-comes-first.ts";
import { dataOutlives } from "./data-outlives.ts";
import { fewReplacements } from "./few-replacements.ts";
import { givenUpForAFitOne } from "./given-up-for-a-fit-one.ts";
import { identityIsWhole } from "./identity-is-whole.ts";
import { imagesAreWhole } from "./images-are-whole.ts";
import { intentsAreClosed } from "./intents-are-closed.ts";
import { noSecretIsShown } from "./no-secret-is-shown.ts";
import { noWriteIsLost } from "./no-write-is-lost.ts";
import { nothingIsDestroyed } from "./nothing-is-destroyed.ts";
import { nothingIsLeft } from "./nothing-is-left.ts";
import { originalIsKept } from "./original-is-kept.ts";
import { ownerTagsStay } from "./owner-tags-stay.ts";
import type { Promised } from "./promise.ts";
import { newerWritesAreKept } from "./newer-writes-are-kept.ts";
import { recordIsTrue } from "./record-is-true.ts";
import { replacementIsIsolated } from "./replacement-is-isolated.ts";
import { rootOutlives } from "./root-outlives.ts";
import { seenWhole } from "./seen-whole.ts";
import { somebodyIsHeld } from "./somebody-is-held.ts";
import { terminationsAreSafe } from "./terminations-are-safe.ts";
import { statelessIsNeverDown } from "./stateless-is-never-down.ts";
import { trafficGoesToRunning } from "./traffic-goes-to-running.ts";
import { trafficGoesToServer } from "./traffic-goes-to-server.ts";
import { twoNeverWrite } from "./two-never-write.ts";
import { verdictsTouchNothing } from "./verdicts-touch-nothing.ts";
import { wayBackIsHeld } from "./way-back-is-held.ts";
import { writesAreNamed } from "./writes-are-named.ts";

export const promises: readonly Promised[] = [
  somebodyIsHeld,
  wayBackIsHeld,
  fewReplacements,
  originalIsKept,
  addressesAreHeld,
  statelessIsNeverDown,
  trafficGoesToRunning,
  twoNeverWrite,
  replacementIsIsolated,
  newerWritesAreKept,
  writesAreNamed,
  nothingIsDestroyed,
  terminationsAreSafe,
  givenUpForAFitOne,
  seenWhole,
  claimsStand,
  identityIsWhole,
  dataComesFirst,
  imagesAreWhole,
  noWriteIsLost,
  dataOutlives,
  rootOutlives,
  trafficGoesToServer,
  connectionsAreNotCut,
  intentsAreClosed,
  nothingIsLeft,
  ownerTagsStay,
  verdictsTouchNothing,
  recordIsTrue,
  noSecretIsShown,
];
