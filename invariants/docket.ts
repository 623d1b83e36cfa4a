/** Notes the first hit of each property, with the time and the step that everything refers to. */
import type { RequestVote } from '../core/messages.ts';
import type { Property } from './property.ts';
import type { Finding, Role, Violation } from './violation.ts';

export class Docket {
  readonly violations: Violation[] = [];
  /** Virtual time of the newest fact. */
  atUs = 0;
  /** Number of the running step, from 1; the judge counts. */
  step = 0;
  /** What the running step began with: the kind of a message, or the name of an event. */
  stepKind = 'none';
  /** The RequestVote that the running step began with; null for other events. */
  stepMessage: RequestVote | null = null;
  /** Of the message that was sent last. */
  lastMessageId = 0;
  private readonly disabled: ReadonlySet<string>;
  private readonly stopAtFirst: boolean;

  constructor(disabled: ReadonlySet<string>, stopAtFirst: boolean) {
    this.disabled = disabled;
    this.stopAtFirst = stopAtFirst;
  }

  /** False when the property is disabled or has failed before. */
  wants(property: Property): boolean {
    if (this.disabled.has(property.id)) return false;
    if (this.stopAtFirst && this.violations.length > 0) return false;
    return !this.violations.some((violation) => violation.property === property.id);
  }

  /** Reports a failure, unless the property is disabled or has failed before. */
  report(property: Property, role: Role, finding: Finding): void {
    if (!this.wants(property)) return;
    const { rule, relation, node, detail } = finding;
    const messageKind = finding.messageKind ?? this.stepKind;
    this.violations.push({
      property: property.id,
      rule,
      section: property.section,
      sentence: property.sentence,
      detail,
      atUs: this.atUs,
      step: this.step,
      node,
      role,
      messageKind,
      relation,
      fingerprint: `${property.id}/${rule}/${role}/${messageKind}/${relation}`,
    });
  }
}
