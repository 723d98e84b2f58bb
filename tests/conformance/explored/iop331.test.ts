import { exploreSmallCases } from './small-cases';

describe('on iop331', () => exploreSmallCases('iop331'));
