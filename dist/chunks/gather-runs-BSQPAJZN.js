import{c33_gatherReceivers as r,c33_gatherRuns as e}from"./rest.js";export{r as gatherReceivers,e as gatherRuns};
