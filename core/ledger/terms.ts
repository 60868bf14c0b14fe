/** Adds up terms of the ledger, and says what is saved by them: net, and as a range where too much is unknown. */
import {
  termNames,
  termSources,
  type NetSaving,
  type Term,
  type TermName,
  type Terms,
  type TermSource,
} from "../model/ledger/day.ts";

export const noTerm: Term = {
  nanoUsd: 0n,
  source: "priced",
  unknownNanoUsd: 0n,
  unboundedSeconds: 0,
};

const lessCertain = (one: TermSource, other: TermSource): TermSource =>
  termSources.indexOf(one) > termSources.indexOf(other) ? one : other;

const addTerms = (one: Term, other: Term): Term => ({
  nanoUsd: one.nanoUsd + other.nanoUsd,
  source: lessCertain(one.source, other.source),
  unknownNanoUsd: one.unknownNanoUsd + other.unknownNanoUsd,
  unboundedSeconds: one.unboundedSeconds + other.unboundedSeconds,
});

export const sumOfTerms = (terms: readonly Term[]): Term => terms.reduce(addTerms, noTerm);

/** Term by term. */
export const addAllTerms = (all: readonly Terms[]): Terms =>
  Object.fromEntries(
    termNames.map((name) => [name, sumOfTerms(all.map((terms) => terms[name]))]),
  ) as Record<TermName, Term>;

/** All that is taken off what would have been paid. */
const costNames = termNames.filter((name) => name !== "would");

const sumOf = (
  terms: Terms,
  names: readonly TermName[],
  of: "nanoUsd" | "unknownNanoUsd",
): bigint => names.reduce((sum, name) => sum + terms[name][of], 0n);

/** Without what it cost to get there: never told alone. */
export const grossOf = ({ would, ran }: Terms): bigint => would.nanoUsd - ran.nanoUsd;

/** One in so many of what would have been paid may be unknown before both ends are to be told. */
const toleratedShare = 100n;

/** Of what would have been paid, how much is not known, from 0; 0 where nothing would have been. */
export const unknownShareOf = (terms: Terms): number => {
  const { nanoUsd } = terms.would;
  return nanoUsd === 0n ? 0 : Number(sumOf(terms, termNames, "unknownNanoUsd")) / Number(nanoUsd);
};

export const netOf = (terms: Terms): NetSaving => {
  const { would } = terms;
  const known = would.nanoUsd - sumOf(terms, costNames, "nanoUsd");
  const unknown = sumOf(terms, termNames, "unknownNanoUsd");
  const isBounded = termNames.every((name) => terms[name].unboundedSeconds === 0);
  return {
    lowNanoUsd: known - sumOf(terms, costNames, "unknownNanoUsd"),
    highNanoUsd: known + would.unknownNanoUsd,
    isRange: !isBounded || unknown * toleratedShare > would.nanoUsd,
    isBounded,
  };
};
