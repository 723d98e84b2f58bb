import { exploreSmallCases } from './small-cases';

describe('on iop342', () => exploreSmallCases('iop342'));
