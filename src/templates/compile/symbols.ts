/**
 * What each name means in each scope: jinja2/idtracking.py (3.1). A scope's names are variables of the code
 * (`l_<level>_<name>`), which are loaded where the scope is entered.
 */
import { eachChild, type Node, type Statement, type Target } from '../syntax/nodes.ts';

export type Load =
  | { readonly kind: 'parameter' }
  /** From the context, by name. */
  | { readonly kind: 'resolve'; readonly name: string }
  /** From a variable of an outer scope. */
  | { readonly kind: 'alias'; readonly ref: string }
  | { readonly kind: 'undefined' };

export class Symbols {
  readonly level: number;
  /** Tells the variables of scopes on the same level apart. */
  private readonly kind: string;
  readonly parent: Symbols | undefined;
  readonly refs: Map<string, string>;
  readonly loads: Map<string, Load>;
  readonly stores: Set<string>;

  constructor(parent?: Symbols, kind = '', copied?: Symbols) {
    this.level = copied?.level ?? (parent === undefined ? 0 : parent.level + 1);
    this.kind = kind;
    this.parent = parent;
    this.refs = new Map(copied?.refs);
    this.loads = new Map(copied?.loads);
    this.stores = new Set(copied?.stores);
  }

  copy(): Symbols {
    return new Symbols(this.parent, this.kind, this);
  }

  findRef(name: string): string | undefined {
    return this.refs.get(name) ?? this.parent?.findRef(name);
  }

  findLoad(ref: string): Load | undefined {
    return this.loads.get(ref) ?? this.parent?.findLoad(ref);
  }

  /** The variable that a name stands for. */
  ref(name: string): string {
    const found = this.findRef(name);
    if (found === undefined) throw new Error(`the scope does not know the name ${name}`);
    return found;
  }

  declareParameter(name: string): string {
    this.stores.add(name);
    return this.define(name, { kind: 'parameter' });
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.refs.has(name)) return;
    const outer = this.parent?.findRef(name);
    this.define(name, outer === undefined ? { kind: 'undefined' } : { kind: 'alias', ref: outer });
  }

  load(name: string): void {
    if (this.findRef(name) === undefined) this.define(name, { kind: 'resolve', name });
  }

  /** Takes over what the branches of an `if` found; a name that not all of them set may come from elsewhere. */
  updateFrom(branches: readonly Symbols[]): void {
    const counts = new Map<string, number>();
    for (const branch of branches)
      for (const name of branch.stores) if (!this.stores.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const branch of branches) {
      for (const [name, ref] of branch.refs) this.refs.set(name, ref);
      for (const [ref, load] of branch.loads) this.loads.set(ref, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const [name, count] of counts) {
      if (count === branches.length) continue;
      const outer = this.parent?.findRef(name);
      this.loads.set(this.ref(name), outer === undefined ? { kind: 'resolve', name } : { kind: 'alias', ref: outer });
    }
  }

  /** All names that are set here and in the scopes around, with their variables. */
  allStores(): [string, string][] {
    const found = new Map<string, string>();
    for (let scope: Symbols | undefined = this; scope !== undefined; scope = scope.parent)
      for (const name of [...scope.stores].sort()) if (!found.has(name)) found.set(name, this.ref(name));
    return [...found];
  }

  private define(name: string, load: Load): string {
    const ref = `l_${this.level}${this.kind}_${codeName(name)}`;
    this.refs.set(name, ref);
    this.loads.set(ref, load);
    return ref;
  }
}

/** Finds the names of the scope that a statement opens. */
export function analyze(symbols: Symbols, node: Node, branch: 'body' | 'else' | 'test' = 'body'): void {
  const finder = new NameFinder(symbols);
  switch (node.typename) {
    case 'For':
      if (branch !== 'else') finder.visitTarget(node.target);
      if (branch === 'test') {
        if (node.test !== null) finder.visit(node.test);
      } else finder.visitAll(branch === 'else' ? node.else_ : node.body);
      break;
    case 'AssignBlock':
      finder.visitAll(node.body);
      break;
    case 'CallBlock':
      finder.visitAll([...node.args, ...node.defaults, ...node.body]);
      break;
    case 'With':
      finder.visitAll([...node.targets, ...node.body]);
      break;
    default:
      eachChild(node, (child) => finder.visit(child));
  }
}

class NameFinder {
  private symbols: Symbols;

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  visitAll(nodes: readonly Node[]): void {
    for (const node of nodes) this.visit(node);
  }

  /** The targets of a loop. */
  visitTarget(target: Target): void {
    if (target.typename === 'Name') this.symbols.declareParameter(target.name);
    else eachChild(target, (child) => this.visitTarget(child as Target));
  }

  /** What opens a scope of its own is looked at only as far as it belongs to the scope around it. */
  visit(node: Node): void {
    switch (node.typename) {
      case 'Name':
        if (node.ctx === 'param') this.symbols.declareParameter(node.name);
        else if (node.ctx === 'store') this.symbols.store(node.name);
        else this.symbols.load(node.name);
        return;
      case 'NamespaceTarget':
        this.symbols.load(node.name);
        return;
      case 'If': {
        this.visit(node.test);
        const branches = [node.body, node.elif, node.else_].map((body) => this.branch(body));
        this.symbols.updateFrom(branches);
        return;
      }
      case 'Macro':
        this.symbols.store(node.name);
        return;
      case 'Import':
        this.visit(node.template);
        this.symbols.store(node.target);
        return;
      case 'FromImport':
        this.visit(node.template);
        for (const { alias } of node.names) this.symbols.store(alias);
        return;
      case 'Assign':
        this.visit(node.node);
        this.visit(node.target);
        return;
      case 'For':
        this.visit(node.iter);
        return;
      case 'CallBlock':
        this.visit(node.call);
        return;
      case 'FilterBlock':
        this.visit(node.filter);
        return;
      case 'With':
        this.visitAll(node.values);
        return;
      case 'AssignBlock':
        this.visit(node.target);
        return;
      case 'AutoEscape':
      case 'Block':
        return;
      default:
        eachChild(node, (child) => this.visit(child));
    }
  }

  private branch(body: readonly Statement[]): Symbols {
    const before = this.symbols;
    this.symbols = before.copy();
    this.visitAll(body);
    const found = this.symbols;
    this.symbols = before;
    return found;
  }
}

/** Which of the names are read in these statements before they are set. */
export function undeclared(nodes: readonly Node[], names: readonly string[]): Set<string> {
  const wanted = new Set(names);
  const found = new Set<string>();
  const visit = (node: Node): void => {
    if (node.typename === 'Block') return;
    if (node.typename !== 'Name') eachChild(node, visit);
    else if (node.ctx === 'load' && wanted.has(node.name)) found.add(node.name);
    else wanted.delete(node.name);
  };
  for (const node of nodes) visit(node);
  return found;
}

/** A name as part of a name of JavaScript's, which knows other letters. */
export function codeName(name: string): string {
  return /^\w*$/.test(name)
    ? name
    : name.replace(/[^\w]/gu, (character) => `$${character.codePointAt(0)?.toString(16)}`);
}
