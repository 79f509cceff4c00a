import{c30_gatherReceivers as r,c30_gatherRuns as e}from"./rest.js";export{r as gatherReceivers,e as gatherRuns};
